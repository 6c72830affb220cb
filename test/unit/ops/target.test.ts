import { describe, expect, it } from 'vitest'
import { findTarget } from '../../../scripts/ops/target.ts'
import { readDevelopmentKey } from '../../support/running-system.ts'

const THIS_MACHINE = [
  'http://localhost:8787',
  'http://localhost:8807',
  'http://localhost:8807/',
  'http://LOCALHOST:8807',
  'http://localhost',
  'https://localhost:8443',
  'http://127.0.0.1:8787',
  'http://127.0.0.2:8807',
  'http://[::1]:8807',
  'http://[0:0:0:0:0:0:0:1]:8807',
]

const OTHER_MACHINES = [
  'https://orders.example.com',
  'http://localhost.example.com:8787',
  'http://localhost:8787@orders.example.com',
  'http://127.0.0.1.example.com',
  'http://10.0.0.1:8787',
  'http://[::2]:8787',
  'http://0.0.0.0:8787',
]

describe('npm run ops', () => {
  const key = readDevelopmentKey()

  it.each(THIS_MACHINE)('takes the key in .dev.vars for %s', (url) => {
    expect(findTarget({}, { EDGE_ORDERS_URL: url })).toEqual({ url, key })
    expect(findTarget({ url }, {})).toEqual({ url, key })
  })

  it.each(OTHER_MACHINES)('never sends the key in .dev.vars to %s', (url) => {
    const refusal = `There is no key for ${url}`
    expect(() => findTarget({}, { EDGE_ORDERS_URL: url })).toThrow(refusal)
    expect(() => findTarget({ url }, {})).toThrow(refusal)
  })

  it.each(OTHER_MACHINES)('sends a key in plain text only where that is asked for: %s', (url) => {
    const target = { url, key: 'a-key' }
    const isPlain = url.startsWith('http:')
    const find = (flags: object) => () => findTarget({ ...target, ...flags }, {})
    if (isPlain) expect(find({})).toThrow(`The key would go to ${url} in plain text`)
    else expect(find({})()).toEqual(target)
    expect(find({ isHttpAllowed: true })()).toEqual(target)
  })

  it('asks the system on this machine, on PORT, where no address is given', () => {
    expect(findTarget({}, {})).toEqual({ url: 'http://localhost:8787', key })
    expect(findTarget({}, { PORT: '8807' })).toEqual({ url: 'http://localhost:8807', key })
  })

  it('counts a variable that is set to nothing as not set', () => {
    const empty = { EDGE_ORDERS_URL: '', EDGE_ORDERS_KEY: '', PORT: '' }
    expect(findTarget({}, empty)).toEqual({ url: 'http://localhost:8787', key })
  })

  it('prefers a flag to a variable, and either to the key in .dev.vars', () => {
    const environment = { EDGE_ORDERS_URL: 'http://localhost:1', EDGE_ORDERS_KEY: 'from-variable' }
    expect(findTarget({}, environment)).toEqual({ url: 'http://localhost:1', key: 'from-variable' })
    const flags = { url: 'http://localhost:2', key: 'from-flag' }
    expect(findTarget(flags, environment)).toEqual(flags)
  })
})
