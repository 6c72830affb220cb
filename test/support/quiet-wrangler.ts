// Wrangler would print a line for each batch and configuration file, and ask the network for a `request.cf`.
process.env['WRANGLER_LOG'] ??= 'error'
process.env['WRANGLER_SEND_METRICS'] = 'false'
process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false'
