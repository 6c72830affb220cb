// What `npm run new-subscriber` writes: the files of a new service, and the lines in files that are there. Pure.
import { Failure } from '../failure.mjs'

export type Asked = { name: string; types: readonly string[] }

/** What is there: texts of files by their path, and the folders of `src` and `workers`. */
export type Tree = { read(file: string): string; exists(file: string): boolean }

/** New texts by path. */
export type Writes = Record<string, string>

/** No dash, so that no name is the beginning of another one's queue. The shortest ones are used in stored documents. */
const NAME = /^[a-z]{3,20}$/

/** Names of folders, queues and bindings that mean something else. */
const TAKEN = ['edge', 'webhooks', 'archive', 'dead', 'lists', 'kernel', 'console']

/** Throws a `Failure` where the name or a type cannot be, or where the service is there. */
export const checkAsked = ({ name, types }: Asked, known: readonly string[], tree: Tree): void => {
  if (!NAME.test(name) || TAKEN.includes(name))
    throw new Failure(
      name === '' ? 'The service needs a name.' : `A service cannot be called "${name}".`,
      'Use 3 to 20 small letters that name nothing else here: npm run new-subscriber shipping',
    )
  if (tree.exists(`src/${name}`) || tree.exists(`workers/${name}`))
    throw new Failure(`There is a folder src/${name} or workers/${name} already.`, 'Choose another name.')
  const unknown = types.filter((type) => !known.includes(type))
  if (types.length === 0 || unknown.length > 0)
    throw new Failure(
      `A subscriber cannot get ${unknown.join(' or ') || 'nothing'}.`,
      `Choose from ${known.join(', ')}: npm run new-subscriber ${name} -- --events ${known.slice(0, 2).join(',')}`,
    )
}

const TEMPLATES = 'scripts/new-subscriber/templates'

/** A template for each file of the service. */
const FILES: Record<string, string> = {
  'policy.ts.txt': 'src/NAME/policy.ts',
  'index.ts.txt': 'workers/NAME/index.ts',
  'tasks.ts.txt': 'workers/NAME/tasks.ts',
  'migration.sql.txt': 'workers/NAME/migrations/0001_tasks.sql',
  'wrangler.toml.txt': 'workers/NAME/wrangler.toml',
  'contract.test.ts.txt': 'test/contract/NAME.test.ts',
}

export const planSubscriber = (asked: Asked, tree: Tree): Writes => ({
  ...newFiles(asked, tree),
  ...changedFiles(asked, tree),
})

const newFiles = ({ name }: Asked, tree: Tree): Writes => {
  const [, date = ''] = /^compatibility_date = "(.*)"$/m.exec(tree.read('wrangler.toml')) ?? []
  const fill = (text: string) =>
    text
      .replaceAll('COMPATIBILITY_DATE', date)
      .replaceAll('CAPITALIZED', name.charAt(0).toUpperCase() + name.slice(1))
      .replaceAll('UPPER', name.toUpperCase())
      .replaceAll('NAME', name)
  return Object.fromEntries(
    Object.entries(FILES).map(([template, file]) => [
      fill(file),
      fill(tree.read(`${TEMPLATES}/${template}`)),
    ]),
  )
}

const changedFiles = ({ name, types }: Asked, tree: Tree): Writes => {
  const change = (file: string, ...changes: ((text: string, file: string) => string)[]): Writes => ({
    [file]: changes.reduce((text, apply) => apply(text, file), tree.read(file)),
  })
  return {
    ...change(
      'src/contracts/topology.ts',
      after(
        '  // One line for each service.\n',
        `  ${name}: [${types.map((type) => `'${type}'`).join(', ')}],\n`,
      ),
    ),
    ...change('wrangler.toml', before('[[queues.consumers]]', producerOf(name))),
    ...change(
      'workers/operations/wrangler.toml',
      before('[[queues.consumers]]', producerOf(name)),
      (text) => `${text}${deadLettersOf(name)}`,
    ),
    ...change(
      'docs/architecture.md',
      before(
        '  operations/              dead letters',
        houseLine(name, 'policy: what it does about facts of orders'),
      ),
      before('  operations/              index', houseLine(name, 'index, tasks (D1), migrations/')),
    ),
    ...change(
      'docs/storage.md',
      before(
        '\nEvery write of a read model',
        `| \`edge-orders-${name}\` | \`${name}_tasks\` | \`order_id\` | what the newest fact about an order asks of the ${name} service |\n`,
      ),
    ),
  }
}

const producerOf = (name: string): string =>
  `[[queues.producers]]\nbinding = "${name.toUpperCase()}_INBOX"\nqueue = "edge-orders-${name}-inbox"\n\n`

const deadLettersOf = (name: string): string =>
  `\n[[queues.consumers]]\nqueue = "edge-orders-${name}-inbox-dlq"\nmax_batch_size = 100\nmax_batch_timeout = 1\nmax_retries = 100\nretry_delay = 3600\n`

const houseLine = (name: string, text: string): string => `  ${`${name}/`.padEnd(25)}${text}\n`

const before = (anchor: string, added: string) => insert(anchor, (at) => `${added}${at}`)

const after = (anchor: string, added: string) => insert(anchor, (at) => `${at}${added}`)

/** At the first place of the anchor. */
const insert =
  (anchor: string, replaced: (anchor: string) => string) =>
  (text: string, file: string): string => {
    if (text.includes(anchor)) return text.replace(anchor, () => replaced(anchor))
    throw new Failure(
      `${file} has no line "${anchor.trim()}" any more. Nothing was written.`,
      'Put the line back, or correct scripts/new-subscriber/plan.ts.',
    )
  }
