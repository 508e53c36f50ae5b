// Archives without compression, written without checks.
import { crc32 } from 'node:zlib';

/** Entries of a good archive. */
export function entriesOf(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let place = bytes.readUInt32LE(end + 16);
  return Array.from({ length: bytes.readUInt16LE(end + 10) }, () => {
    const [size, length] = [bytes.readUInt32LE(place + 20), bytes.readUInt16LE(place + 28)];
    const name = bytes.toString('utf8', place + 46, place + 46 + length);
    const header = bytes.readUInt32LE(place + 42);
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    place += 46 + length + bytes.readUInt16LE(place + 30) + bytes.readUInt16LE(place + 32);
    return { name, data: bytes.subarray(start, start + size) };
  });
}

/** An archive of the entries, with right checksums. */
export function build(entries) {
  const parts = [];
  const list = [];
  let place = 0;
  for (const { name, data } of entries) {
    const title = Buffer.from(name);
    const numbers = Buffer.alloc(26);
    numbers.writeUInt16LE(20, 0);
    numbers.writeUInt32LE(crc32(data), 10);
    numbers.writeUInt32LE(data.length, 14);
    numbers.writeUInt32LE(data.length, 18);
    numbers.writeUInt16LE(title.length, 22);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), numbers, title, data);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(place, 10);
    list.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), numbers, rest, title);
    place += 30 + title.length + data.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(place, 16);
  return Buffer.concat([...parts, directory, end]);
}
