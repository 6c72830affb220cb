import { type Browser, chromium, type Page } from 'playwright-core'

/** Debian's package `chromium`. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })

/** From the page of signing in to the overview. */
export const signIn = async (page: Page): Promise<void> => {
  await page.getByLabel('API key').fill('test-admin-key')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  // The script reveals it.
  await page.getByRole('button', { name: 'Theme' }).waitFor()
}

/** Opens the form of the first such action, fills it in and sends it. */
export const act = async (
  page: Page,
  label: string,
  fields: Readonly<Record<string, string>> = {},
): Promise<void> => {
  const action = page
    .locator('details.action')
    .filter({ has: page.locator('summary', { hasText: label }) })
    .first()
  await action.locator('summary').click()
  for (const [field, text] of Object.entries(fields)) await action.getByLabel(field).fill(text)
  await action.getByRole('button', { name: `${label} now` }).click()
}
