export { GATEWAYS, type Gateway } from '../contracts/gateways.ts'
