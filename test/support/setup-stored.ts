import { checkEveryStored } from './check-stored.ts'

checkEveryStored()
