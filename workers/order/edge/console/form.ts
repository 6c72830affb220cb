/** The fields of a form that was sent. */
export type Form = URLSearchParams

/** Fields that are left empty are left out: the API has its defaults. */
export const textFields = (form: Form, name: string): Record<string, string> => {
  const text = form.get(name)?.trim() ?? ''
  return text === '' ? {} : { [name]: text }
}

/** A text that is no number goes out as it is, so that the API names the fault. */
export const numberField = (form: Form, name: string): Record<string, number | string> => {
  const text = form.get(name)?.trim() ?? ''
  if (text === '') return {}
  return { [name]: Number.isFinite(Number(text)) ? Number(text) : text }
}
