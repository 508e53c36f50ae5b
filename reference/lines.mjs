import { createInterface } from 'node:readline';

/** A conversation in JSON, a line each way. Whoever answers says a line of facts first. */
export class Lines {
  /** @type {{ resolve: (value: any) => void, reject: (error: Error) => void }[]} */
  #waiting = [];
  /** @type {Error | undefined} */
  #ended;
  #output;

  /** What the other side said first. @type {Promise<any>} */
  facts;

  /** @param {NodeJS.ReadableStream} input @param {NodeJS.WritableStream} output */
  constructor(input, output) {
    this.#output = output;
    // Why nobody listens any more is told by end().
    output.on('error', () => {});
    createInterface({ input }).on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line)));
    this.facts = this.#next();
    this.facts.catch(() => {});
  }

  /** @returns {Promise<any>} */
  #next() {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  /** The answer to one request; requests are answered in order. @param {unknown} request @returns {Promise<any>} */
  async ask(request) {
    await this.facts;
    const answer = this.#next();
    this.#output.write(`${JSON.stringify(request)}\n`);
    return answer;
  }

  /** Fails whoever waits for an answer, and whoever asks from now on. @param {Error} reason */
  end(reason) {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.splice(0)) reject(reason);
  }

  /** Says that no more requests come. */
  close() {
    this.#output.end();
  }
}
