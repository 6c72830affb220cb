export const erasureExample = {
  dryRun: false,
  orders: ['ord_0_01m84cect7ws6kqky32zvfd1pr'],
  waiting: [],
  deadLetters: 0,
  progress: { part: 'orders-0', number: 1, of: 4 },
  nextCursor: 'JTVCJTIyMXh5JTIyJTVE',
}
