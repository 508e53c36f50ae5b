/** Errors of image files. */

/** An image file that cannot be read; names the file, and in a data set the sample. */
export class ImageFileError extends Error {
  override name = 'ImageFileError';

  constructor(
    /** The file. */
    readonly path: string,
    /** What is wrong with it. */
    readonly reason: string,
    options?: ErrorOptions & { sample?: number },
  ) {
    const sample = options?.sample === undefined ? '' : `sample ${options.sample}, `;
    super(`${sample}${path}: ${reason}`, options);
  }

  /** The same failure, of a sample. */
  ofSample(sample: number): ImageFileError {
    return new ImageFileError(this.path, this.reason, { sample, cause: this.cause ?? this });
  }
}
