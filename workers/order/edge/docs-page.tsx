type Page = { title: string; document: string; path: string }

const PAGES = [
  { path: '/docs', name: 'HTTP API' },
  { path: '/docs/events', name: 'Events' },
] as const

/** A page that shows one of the documents. Its script and style are static files of the operations Worker. */
export const docsPage = ({ title, document, path }: Page): string =>
  `<!doctype html>${(
    (
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>{title}</title>
          <link rel="icon" href="data:," />
          <link rel="stylesheet" href="/docs/assets/page.css" />
        </head>
        <body>
          <header class="bar">
            <strong>edge-orders</strong>
            {PAGES.map((page) => (
              <a href={page.path} aria-current={page.path === path ? 'page' : undefined}>
                {page.name}
              </a>
            ))}
            <a class="raw" href={document}>
              {document.slice(1)}
            </a>
          </header>
          <main id="reference" data-document={document} />
          <noscript>
            <p>
              This page needs JavaScript to show <a href={document}>{document}</a>.
            </p>
          </noscript>
          <script src="/docs/assets/scalar.js" />
          <script src="/docs/assets/page.js" />
        </body>
      </html>
    )
  ).toString()}`

/** The renderer makes its styles at run time. Everything else comes from this host alone. */
export const DOCS_PAGE_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
}
