/** What the bits of a result depend on besides program and seed: `isotorch/envelope`. */
export { envelopeDifference, parseEnvelope } from './compare';
export { type Envelope, envelope } from './envelope';
export { type PortableSettings, portableEnvironment, strictPython } from './settings';
