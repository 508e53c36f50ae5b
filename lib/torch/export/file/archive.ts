/** The archive of a program: a zip whose entries lie in one folder. */
import { type Source, ZipReader } from '../../serialization/inside';
import { Fault, fail } from './fault';

/** Entries that tell what an archive is that holds no program, and who reads it. */
const OTHERS = [
  ['constants.pkl', 'it is a TorchScript archive: torch.jit.load reads those'],
  ['data.pkl', 'it is an archive of torch.save: torch.load reads those'],
  [
    'serialized_exported_program.json',
    'it is a program of PyTorch 2.7 or earlier: export it again with a later version',
  ],
] as const;

/** Entries of an archive, by their names below its folder. */
export class Archive {
  readonly #zip: ZipReader;
  readonly #folder: string;

  /** @throws Fault for an archive that is none of a program */
  constructor(source: Source) {
    this.#zip = new ZipReader(source);
    const [first = ''] = this.#zip.entries.keys();
    const isFlat = this.#zip.entries.has('serialized_exported_program.json');
    this.#folder = isFlat ? '' : first.slice(0, first.indexOf('/') + 1);
    if (this.has('archive_version')) return;
    const other = OTHERS.find(([entry]) => this.has(entry));
    throw new Fault(
      other?.[1] ?? `it is a zip archive, but none of torch.export: it has no entry '${this.#folder}archive_version'`,
    );
  }

  /** Names of the entries. */
  get names(): string[] {
    const all = [...this.#zip.entries.keys()];
    return all.filter((name) => name.startsWith(this.#folder)).map((name) => name.slice(this.#folder.length));
  }

  /** Whether there is an entry of this name. */
  has(name: string): boolean {
    return this.#zip.entries.has(this.#folder + name);
  }

  /** Contents of an entry. */
  read(name: string): Uint8Array {
    const entry = this.#zip.entries.get(this.#folder + name);
    return entry === undefined ? fail(name, 'it is missing in the archive') : this.#zip.read(entry);
  }

  /** Contents of an entry, as text. */
  text(name: string): string {
    return new TextDecoder().decode(this.read(name));
  }
}
