import fc from 'fast-check'

/** The same inputs in every run. `PROPERTY_SEED=2 npm run test:unit` draws others; CI does so with the day's seed. */
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env['PROPERTY_SEED'] ?? 1) })
