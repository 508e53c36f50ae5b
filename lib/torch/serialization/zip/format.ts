/** Numbers of the zip format. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */

/** Signatures of its records, as little-endian numbers. */
export const SIGNATURE = {
  local: 0x04034b50,
  central: 0x02014b50,
  descriptor: 0x08074b50,
  end: 0x06054b50,
  end64: 0x06064b50,
  locator64: 0x07064b50,
} as const;

/** Lengths of the records without their texts. */
export const LENGTH = { local: 30, central: 46, end: 22, end64: 56, locator64: 20 } as const;

/** What stands in a field of 32 or 16 bits whose number is in the extra field of zip64. */
export const IN_ZIP64 = 0xffffffff;
export const MANY_ENTRIES = 0xffff;

/** Kind of an extra field that holds numbers of 64 bits. */
export const ZIP64_EXTRA = 1;

/** Bits of an entry's flags. */
export const FLAG = { encrypted: 1, descriptor: 8, utf8: 0x800 } as const;

/** Methods of compression that are read and written. */
export const METHOD = { stored: 0, deflated: 8 } as const;
