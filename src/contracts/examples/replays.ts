export const replayExample = {
  to: 'payment',
  dryRun: false,
  orders: 100,
  events: 200,
  heldBack: 0,
  notFound: [],
}
