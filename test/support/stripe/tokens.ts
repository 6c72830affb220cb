/** Demands a confirmation by the customer. Stripe refuses to ask for it where the call says so. */
export const NEEDS_CUSTOMER = 'pm_card_authenticationRequired'

/** The same for a mock of a Stripe that does not know `error_on_requires_action`. */
export const NEEDS_CUSTOMER_ALL_THE_SAME = 'pm_mock_requiresAction'
