import '../simulation/platform/platform-module.ts'

/**
 * Lists the files that one order runs through, from `POST /orders` to its `settledAt`, each with its lines.
 * The Workers import `cloudflare:workers`, so the stand-in above has to be loaded before them.
 */
const { walk } = await import('./walk.ts')
const visited = await walk()
const sumOf = (count: (file: (typeof visited)[number]) => number): number =>
  visited.reduce((sum, file) => sum + count(file), 0)
for (const { path, lines, linesRun } of visited)
  console.log(`${String(lines).padStart(5)} ${String(linesRun).padStart(5)} ${path}`)
const [lines, linesRun] = [sumOf((file) => file.lines), sumOf((file) => file.linesRun)]
console.log(`${visited.length} files, ${lines} lines, ${linesRun} of them in functions that ran`)
