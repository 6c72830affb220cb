/** What the user has chosen, as far as a repeated command needs it. */
type Chosen = { environmentName?: string | undefined; paymentGateway?: string | undefined }

/** A command as the user types it. Without `--env` it would be about production. */
export const typed = (
  script: 'deploy' | 'destroy',
  { environmentName, paymentGateway }: Chosen,
  ...flags: string[]
): string => {
  const given = [
    ...(environmentName === undefined ? [] : ['--env', environmentName]),
    ...(paymentGateway === undefined ? [] : ['--payment-gateway', paymentGateway]),
    ...flags,
  ]
  return ['npm run', script, ...(given.length === 0 ? [] : ['--', ...given])].join(' ')
}
