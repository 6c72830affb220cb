// The reasons to refuse a deployment, each with what to do about it; undefined where there is no reason.
import { keyFaultOf } from '../../src/kernel/key-strength.ts'
import { GATEWAYS } from '../../src/payment/gateways.ts'
import type { Account, Environment, Worker } from './types.ts'

/** The key of .dev.vars.example. */
const DEVELOPMENT_KEY = 'dev-admin-key'

const MAKE_KEY = 'export BOOTSTRAP_KEY="$(openssl rand -hex 32)"'

/** A var of several Workers says where data is stored or what it means, so its value must be the same in all of them. */
export const refuseSettings = (workers: Worker[]): string | undefined => {
  const names = [...new Set(workers.flatMap(({ vars }) => Object.keys(vars)))].toSorted()
  const differences = names.flatMap((name) => differenceIn(name, workers))
  if (differences.length === 0) return undefined
  return [
    ...differences,
    'Set the same value in every file that has the setting: these Workers must agree on it.',
  ].join('\n')
}

/** Compares the other Workers with the order Worker, which is the last one. */
const differenceIn = (name: string, workers: Worker[]): string[] => {
  const places = workers
    .filter(({ vars }) => name in vars)
    .map(({ config, vars }) => ({ config, value: vars[name] }))
  const last = places.at(-1)
  const differing = places.filter(({ value }) => value !== last?.value)
  if (last === undefined || differing.length === 0) return []
  const list = differing.map(({ config, value }) => `"${value}" in ${config}`).join(' and ')
  return [`${name} is "${last.value}" in ${last.config}, but ${list}.`]
}

type Gateway = (typeof GATEWAYS)[number]

export const isGateway = (name: string): name is Gateway => GATEWAYS.some((gateway) => gateway === name)

/** `example` is a command that chooses a gateway. */
export const refuseGateway = (gateway: string, example: string): string | undefined => {
  if (isGateway(gateway)) return undefined
  const problem = gateway ? `There is no payment gateway "${gateway}".` : 'No payment gateway is chosen.'
  return [
    `${problem} Choose one of ${GATEWAYS.join(', ')}: ${example}`,
    'There is no default on purpose: a shop must not give goods away on a simulated bank by accident.',
  ].join('\n')
}

/** Only a key that is set now must be strong. A running deployment keeps its key, and its /readyz warns of a weak one. */
export const refuseKey = (key: string | undefined): string | undefined => {
  if (!key) return undefined
  if (key === DEVELOPMENT_KEY)
    return `BOOTSTRAP_KEY is the development key, which is public in the repository. Make another key: ${MAKE_KEY}`
  const fault = keyFaultOf(key)
  return (
    fault &&
    `BOOTSTRAP_KEY ${fault}. Make another key: ${MAKE_KEY}\nTo keep the key that a deployment already has: unset BOOTSTRAP_KEY`
  )
}

type Needs = { workers: Worker[]; account: Account; bankSecrets: readonly string[] }

/** A secret that only a person knows must be in the environment, or on the deployed Worker. */
export const refuseMissingSecrets = (
  { workers, account, bankSecrets }: Needs,
  environment: Environment,
): string | undefined => {
  const bank = workers.find(({ callsBank }) => callsBank)
  const deployed = account.secretsOf.get(bank?.name ?? '')
  const missing = bankSecrets.filter((name) => !environment[name] && !deployed?.has(name))
  if (missing.length === 0) return undefined
  return [
    `${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} neither in the environment nor on the Worker ${bank?.name}.`,
    'Set what is missing, and deploy again:',
    ...missing.map((name) => `  read -rs ${name} && export ${name}`),
  ].join('\n')
}
