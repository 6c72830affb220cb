import type { Child } from 'hono/jsx'

const PAGES = [
  { path: '/console', name: 'Overview', icon: 'M3 13V8M8 13V3M13 13v-7' },
  {
    path: '/console/orders',
    name: 'Orders',
    icon: 'M3 4h10M3 8h10M3 12h6',
    also: ['/console/recall', '/console/replays', '/console/customers'],
  },
  { path: '/console/dead-letters', name: 'Dead letters', icon: 'M2 4h12v8H2zM2 4l6 5 6-5' },
  { path: '/console/inventory', name: 'Inventory', icon: 'M2 5l6-3 6 3v6l-6 3-6-3zM2 5l6 3 6-3M8 8v6' },
  { path: '/console/payments', name: 'Payments', icon: 'M2 4h12v8H2zM2 7h12' },
  {
    path: '/console/webhooks',
    name: 'Webhooks',
    icon: 'M6 10l4-4M5 7L3 9a2.8 2.8 0 004 4l2-2M11 9l2-2a2.8 2.8 0 00-4-4L7 5',
  },
  { path: '/console/feed', name: 'Feed', icon: 'M3 13v0M3 8a5 5 0 015 5M3 3a10 10 0 0110 10' },
]

/** What is looked at less often. They stand apart. */
const FURTHER_PAGES = [
  { path: '/console/health', name: 'Health', icon: 'M1 8h3l2-5 4 10 2-5h3' },
  { path: '/console/audit-log', name: 'Audit log', icon: 'M8 2a6 6 0 106 6M8 5v3l2 2M14 2v4h-4' },
  { path: '/console/keys', name: 'API keys', icon: 'M7 9a3 3 0 10-4.2 4.2A3 3 0 007 9l6-6M10 6l2.5 2.5' },
]

/** Only where there are drills. */
const SHOP = { path: '/console/shop', name: 'Demo shop', icon: 'M2 3h2l2 8h7l1-6H5M7 14v0M12 14v0' }

const DOCS = { path: '/docs', name: 'API docs', icon: 'M3 2h7l3 3v9H3zM10 2v3h3' }

export type Theme = 'light' | 'dark' | undefined

type DocumentProps = { title: string; theme: Theme; children: Child; hasChart?: boolean }

const Document = ({ title, theme, children, hasChart = false }: DocumentProps) => (
  <html lang="en" data-theme={theme}>
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>{title} · edge-orders</title>
      <link rel="icon" href="data:," />
      {hasChart && <link rel="stylesheet" href="/console/assets/uplot.css" />}
      <link rel="stylesheet" href="/console/assets/console.css" />
      {hasChart && <script src="/console/assets/uplot.js" defer />}
      <script src="/console/assets/console.js" defer />
    </head>
    {children}
  </html>
)

type PageProps = {
  title: string
  path: string
  host: string
  theme: Theme
  isDemo: boolean
  /** The client of the key, and the person that Cloudflare Access let in. */
  who: string
  children: Child
  /** Seconds after which the page reads itself again. 0: never. */
  refresh?: number
}

type NavPage = { path: string; name: string; icon: string; also?: readonly string[] }

const isWithin = (path: string, page: string): boolean =>
  path === page || (page !== '/console' && path.startsWith(`${page}/`))

const Nav = ({ path, isDemo }: { path: string; isDemo: boolean }) => (
  <nav aria-label="Pages">
    {[...PAGES, ...(isDemo ? [SHOP] : [])].map((page) => (
      <NavLink page={page} path={path} />
    ))}
    <hr />
    {[...FURTHER_PAGES, DOCS].map((page) => (
      <NavLink page={page} path={path} />
    ))}
  </nav>
)

/** A page that is reached from another one is marked there as well, though it is not that page itself. */
const currentOf = (page: NavPage, path: string): 'page' | 'true' | undefined => {
  if (isWithin(path, page.path)) return 'page'
  return page.also?.includes(path) ? 'true' : undefined
}

const NavLink = ({ page, path }: { page: NavPage; path: string }) => (
  <a href={page.path} aria-current={currentOf(page, path)}>
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path
        d={page.icon}
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
    {page.name}
  </a>
)

/** A page for a signed-in operator. */
export const Page = ({ title, path, host, theme, who, isDemo, children, refresh = 0 }: PageProps) => (
  <Document title={title} theme={theme} hasChart={path === '/console'}>
    <body>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href="/console">
          edge-orders
        </a>
        <span class="chip">{host}</span>
        <search class="search">
          <form action="/console/orders">
            <input
              type="search"
              name="q"
              aria-label="Search by order id, reference or customer"
              placeholder="Order id, reference, customer  ( / )"
            />
          </form>
        </search>
        <button type="button" class="quiet" data-theme-switch hidden>
          Theme
        </button>
        <form method="post" action="/console/sign-out">
          <span class="who">{who}</span>
          <button type="submit" class="quiet">
            Sign out
          </button>
        </form>
      </header>
      <Nav path={path} isDemo={isDemo} />
      <main id="content" data-refresh={refresh > 0 ? refresh : undefined}>
        <div class="head">
          <h1>{title}</h1>
          {refresh > 0 && (
            <button type="button" class="quiet live" data-live aria-pressed="true" hidden>
              Live
            </button>
          )}
        </div>
        {children}
      </main>
    </body>
  </Document>
)

type SignInProps = { theme: Theme; fault?: string | undefined }

export const SignIn = ({ theme, fault }: SignInProps) => (
  <Document title="Sign in" theme={theme}>
    <body class="alone">
      <main id="content">
        <form method="post" action="/console/sign-in" class="sign-in">
          <h1>edge-orders console</h1>
          {fault !== undefined && (
            <p class="problem" role="alert">
              {fault}
            </p>
          )}
          <label class="field">
            <span>API key</span>
            <input type="password" name="key" required autocomplete="current-password" spellcheck={false} />
          </label>
          <button type="submit" class="primary">
            Sign in
          </button>
          <p class="dim">
            The key is sent once. The session lasts eight hours at most, and ends with the key. Most pages
            need the scope <code>operations</code>.
          </p>
        </form>
      </main>
    </body>
  </Document>
)
