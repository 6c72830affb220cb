/** V8 shows no frame for its own JSON functions. These two have one, and so a share in the profile. */
const { parse, stringify } = JSON

type Given = unknown[]

JSON.parse = function measuredParse(...given: Given) {
  return Reflect.apply(parse, JSON, given)
}

JSON.stringify = function measuredStringify(...given: Given) {
  return Reflect.apply(stringify, JSON, given)
}
