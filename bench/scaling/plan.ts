/** How one cell of a deployment is cut into partitions, queues and databases, and what it has to bear. */
export type Plan = {
  ordersPerSecond: number
  /** Cells like this one. They share the isolates of the Workers, and nothing else. */
  cells: number
  /** A payment partition belongs to each order partition. */
  orderPartitions: number
  stockPartitions: number
  /** Queues of each of the three inboxes. An order partition has its own ones among them. */
  queuesPerInbox: number
  /** Databases of each of the three lists: orders, payments, ledger. */
  databasesPerList: number
  lingerMs: number
  /** The share of orders that are for one product. All others spread over many products. */
  hotShare: number
  /** Stock partitions that have a part of the hot product's stock. */
  hotLeases: number
  /** From a Worker to an object. */
  roundTripMs: number
}

/** As the system is deployed without any setting. */
export const SMALLEST: Plan = {
  ordersPerSecond: 10,
  cells: 1,
  orderPartitions: 1,
  stockPartitions: 1,
  queuesPerInbox: 1,
  databasesPerList: 1,
  lingerMs: 15,
  hotShare: 0,
  hotLeases: 1,
  roundTripMs: 5,
}
