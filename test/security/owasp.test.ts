import { afterAll, beforeAll } from 'vitest'
import { brokenObjectLevelAuthorization } from './api1.ts'
import { brokenAuthentication } from './api2.ts'
import { brokenObjectPropertyLevelAuthorization } from './api3.ts'
import { unrestrictedResourceConsumption } from './api4.ts'
import { brokenFunctionLevelAuthorization } from './api5.ts'
import { unrestrictedAccessToSensitiveBusinessFlows } from './api6.ts'
import { serverSideRequestForgery } from './api7.ts'
import { securityMisconfiguration } from './api8.ts'
import { improperInventoryManagement } from './api9.ts'
import { unsafeConsumptionOfApis } from './api10.ts'
import { startWorld, type World } from './world.ts'

let world: World

beforeAll(async () => {
  world = await startWorld()
})

afterAll(() => world.system.close())

/** The OWASP API Security Top 10 of 2023, on one system: docs/security.md says what keeps each. */
const SUITES = [
  brokenObjectLevelAuthorization,
  brokenAuthentication,
  brokenObjectPropertyLevelAuthorization,
  unrestrictedResourceConsumption,
  brokenFunctionLevelAuthorization,
  unrestrictedAccessToSensitiveBusinessFlows,
  serverSideRequestForgery,
  securityMisconfiguration,
  improperInventoryManagement,
  unsafeConsumptionOfApis,
]

for (const suite of SUITES) suite(() => world)
