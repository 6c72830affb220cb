/**
 * `node test/upgrade/finish.ts FOLDER WORLDS`: how today's code finishes what the release of that folder left, as JSON.
 */
await import('../simulation/platform/platform-module.ts')
const { finishOrders } = await import('./finish-orders.ts')

const [folder = '', worlds = '1'] = process.argv.slice(2)
// A cron trigger whose database fails rejects: the platform logs it, and calls the next one.
process.on('unhandledRejection', (error) => {
  if (!String(error).includes('D1_ERROR')) throw error
})
const ends: unknown[] = []
for (let seed = 0; seed < Number(worlds); seed += 1) ends.push(await finishOrders(folder, seed))
console.log(JSON.stringify(ends))

export {}
