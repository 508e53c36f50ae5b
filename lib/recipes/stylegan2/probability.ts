/** How often D's images are augmented where nothing is said. */

/**
 * The original's probability where none is given: min(0.5, (1e5 − images)·3e-6) below 1e5 images. From there on it has none, and stops;
 * here nothing is augmented.
 */
export const probabilityFor = (images: number): number => (images < 1e5 ? Math.min(0.5, (1e5 - images) * 3e-6) : 0);
