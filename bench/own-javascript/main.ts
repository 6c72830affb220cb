import './json-frames.ts'
import '../../test/simulation/platform/platform-module.ts'

/**
 * Prints what our own JavaScript costs for an order, as one line of JSON. It runs in a process of its own: the Workers
 * import `cloudflare:workers`, so the stand-in above has to be loaded before them.
 */
const { profileOrders } = await import('./profile.ts')
console.log(JSON.stringify(await profileOrders()))
