/** The level of forward-mode differentiation that is entered; -1 outside of all. */
export const forwardLevel = { current: -1 };
