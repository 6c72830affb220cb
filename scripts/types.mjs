// `npm run types`: writes the type of each Worker's bindings from its wrangler.toml. With `--check` it only compares.
import { execFile } from 'node:child_process'
import { basename, dirname } from 'node:path'
import { promisify } from 'node:util'
import { endWith, Failure } from './failure.mjs'
import { CONFIGS, ROOT, wranglerArguments, wranglerEnvironment } from './wrangler.mjs'

const isCheck = process.argv.includes('--check')

/** @param {string} config */
const workerOf = (config) => (config === 'wrangler.toml' ? 'order' : basename(dirname(config)))

/** @param {string} config */
const writeTypes = async (config) => {
  const worker = workerOf(config)
  const args = [
    ...['types', `workers/${worker}/env.d.ts`, '-c', config],
    ...['--env-interface', `${worker.charAt(0).toUpperCase()}${worker.slice(1)}Env`],
    ...['--include-runtime=false', '--strict-vars=false', '--env-file', '/dev/null'],
    ...(isCheck ? ['--check'] : []),
  ]
  const options = { cwd: ROOT, env: wranglerEnvironment() }
  await promisify(execFile)(process.execPath, wranglerArguments(args), options).catch((error) => {
    throw new Failure(
      `The types of ${config} could not be ${isCheck ? 'checked' : 'written'}:\n\n${error.stdout}${error.stderr}`,
      isCheck ? 'Run npm run types.' : 'Correct the file that it names.',
    )
  })
}

Promise.all(CONFIGS.map(writeTypes)).catch(endWith)
