import '../simulation/platform-module.ts'

/**
 * Lists the files that one order runs through, from `POST /orders` to its `settledAt`, each with its lines.
 * The Workers import `cloudflare:workers`, so the stand-in above has to be loaded before them.
 */
const { walk } = await import('./walk.ts')
const visited = await walk()
const lines = visited.reduce((sum, file) => sum + file.lines, 0)
for (const file of visited) console.log(`${String(file.lines).padStart(5)} ${file.path}`)
console.log(`${visited.length} files, ${lines} lines`)
