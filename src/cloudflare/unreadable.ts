import type { Finding } from '../contracts/http/readiness.ts'

/** The finding of `/readyz` for a database that cannot be read: most often its migrations are missing. */
export const unreadable =
  (binding: string, config: string) =>
  (error: unknown): Finding[] => [
    {
      problem: `${binding} cannot be read. Are its migrations applied? \`npm run deploy\` does it, and locally \`npm start\` or \`npx wrangler d1 migrations apply ${binding} --local --persist-to .wrangler/state -c ${config}\``,
      error: `${binding}: ${error}`,
    },
  ]
