/** What keeps training stable besides penalties: cadence, normalisation, terms of generators. */
export * from './lazy';
export * from './minibatch_stddev';
export * from './spectral';
export * from './terms';
export * from './top_k';
