import { describe, expect, it } from 'vitest'
import { checkWebhookUrl } from '../../../workers/operations/webhooks/webhook-address.ts'

const check = (url: string, isLocalAllowed = false) => {
  const checked = checkWebhookUrl(url, { isLocalAllowed })
  return checked.ok ? 'fine' : checked.reason
}

const PRIVATE = 'must not be a private or reserved address'

describe('the address of a webhook', () => {
  it.each([
    'https://shop.example/hooks/orders?team=1',
    'https://shop.example:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700::1]/',
    'https://bücher.example/',
  ])('may be %s', (url) => {
    expect(check(url)).toBe('fine')
  })

  it.each([
    ['loopback', 'https://127.0.0.1/'],
    ['loopback, shortened', 'https://127.1/'],
    ['loopback as one number', 'https://2130706433/'],
    ['loopback in hex', 'https://0x7f000001/'],
    ['loopback in octal', 'https://0177.0.0.1/'],
    ['loopback in full-width digits', 'https://１２７.0.0.1/'],
    ['any address', 'https://0.0.0.0/'],
    ['private', 'https://10.1.2.3/'],
    ['private', 'https://172.16.0.1/'],
    ['private', 'https://192.168.1.1/'],
    ['shared by carriers', 'https://100.64.0.1/'],
    ["clouds' metadata", 'https://169.254.169.254/'],
    ['documentation', 'https://192.0.2.1/'],
    ['multicast', 'https://224.0.0.1/'],
    ['reserved', 'https://240.0.0.1/'],
    ['broadcast', 'https://255.255.255.255/'],
    ['with a dot at its end', 'https://10.0.0.1./'],
    ['loopback of version 6', 'https://[::1]/'],
    ['any address of version 6', 'https://[::]/'],
    ['private in version 6', 'https://[::ffff:10.0.0.1]/'],
    ['private in version 6, hex', 'https://[::ffff:a00:1]/'],
    ['private behind a translator', 'https://[64:ff9b::a00:1]/'],
    ['private behind 6to4', 'https://[2002:a00:1::]/'],
    ['unique local', 'https://[fd00::1]/'],
    ['link-local', 'https://[fe80::1]/'],
    ['site-local', 'https://[fec0::1]/'],
    ['multicast of version 6', 'https://[ff02::1]/'],
    ['loopback with two dots at its end', 'https://127.0.0.1../'],
    ['loopback in hex with two dots at its end', 'https://0x7f.1../'],
    ['loopback as one number with three dots', 'https://2130706433.../'],
    ['loopback, compatible with version 4', 'https://[::127.0.0.1]/'],
    ['metadata, compatible with version 4', 'https://[::a9fe:a9fe]/'],
    ['private, translated', 'https://[::ffff:0:10.0.0.1]/'],
    ['private behind a local translator', 'https://[64:ff9b:1::a00:1]/'],
    ['behind Teredo', 'https://[2001::1]/'],
    ['outside of what is routed in version 6', 'https://[4000::1]/'],
    ['documentation of version 6', 'https://[2001:db8::1]/'],
    ["Azure's metadata", 'https://168.63.129.16/'],
    ["Azure's metadata in version 6", 'https://[::ffff:168.63.129.16]/'],
    ["Alibaba's metadata", 'https://100.100.100.200/'],
    ["Oracle's metadata", 'https://192.0.0.192/'],
    ["Amazon's metadata in version 6", 'https://[fd00:ec2::254]/'],
    ["Google's metadata in version 6", 'https://[fd20:ce::254]/'],
  ])('is not one that is %s: %s', (_, url) => {
    expect(check(url)).toBe(PRIVATE)
  })

  it.each([
    ['https://localhost/', 'must be a full domain name'],
    ['https://intranet/', 'must be a full domain name'],
    ['https://api.localhost/', 'must not be a private name'],
    ['https://printer.local/', 'must not be a private name'],
    ['https://PRINTER.LOCAL./', 'must not be a private name'],
    ['https://metadata.google.internal/', 'must not be a private name'],
    ['https://router.home.arpa/', 'must not be a private name'],
    ['https://localhost../', 'must be a full domain name'],
    ['https://metadata/', 'must be a full domain name'],
    ['https://com./', 'must be a full domain name'],
    ['https://printer.local../', 'must not be a private name'],
    ['https://metadata.google.internal../', 'must not be a private name'],
    ['https://metadata。google。internal/', 'must not be a private name'],
    ['https://%6detadata.goog/', 'must not be a private name'],
    ['https://metadata.tencentyun.com/', 'must not be a private name'],
    ['https://db.corp/', 'must not be a private name'],
    ['https://nas.home/', 'must not be a private name'],
    ['https://app.default.svc/', 'must not be a private name'],
    ['https://1.0.0.127.in-addr.arpa/', 'must not be a private name'],
    ['https://shop..example/', 'must be a domain name'],
    ['https://-shop.example/', 'must be a domain name'],
    ['https://shop!.example/', 'must be a domain name'],
    ['https://../', 'must be a domain name'],
    ['http://shop.example/', 'must be https'],
    ['ftp://shop.example/', 'must be https'],
    ['javascript:alert(1)', 'must be https'],
    ['https://user@shop.example/', 'must not have a user name or a password'],
    ['https://:secret@shop.example/', 'must not have a user name or a password'],
    ['https://shop.example:25/', 'must use port 443 or one from 1024'],
    ['https://shop.example/#part', 'must not have a fragment'],
    ['shop.example/hook', 'is not a URL'],
    [`https://shop.example/${'a'.repeat(2_048)}`, 'must have at most 2048 characters'],
  ])('is not %s', (url, reason) => {
    expect(check(url)).toBe(reason)
  })

  it('is stored and posted to without trailing dots', () => {
    expect(checkWebhookUrl('https://Shop.example..:8443/hook?a=1', { isLocalAllowed: false })).toEqual({
      ok: true,
      value: 'https://shop.example:8443/hook?a=1',
    })
  })

  it.each(['http://localhost:3000/hook', 'http://127.0.0.1:3000/hook', 'http://[::1]:3000/hook'])(
    'may be this machine in development alone: %s',
    (url) => {
      expect([check(url, true), check(url)]).toEqual(['fine', 'must be https'])
    },
  )

  it('may be no other machine of the network in development either', () => {
    expect([check('http://10.0.0.1/', true), check('https://10.0.0.1/', true)]).toEqual([
      'must be https',
      PRIVATE,
    ])
  })
})
