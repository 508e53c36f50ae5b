/**
 * Nested arrays and plain objects as trees: what transformations of functions take and give (Python: `torch.utils._pytree`,
 * whose tuples and lists are arrays here).
 */
import { isPlainObject } from '../core';
import { NamedResult } from '../memory';

/** Nested arrays and plain objects of leaves. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };

/** What a tree is without its leaves: null for a leaf. */
export type Structure = null | { readonly keys: readonly string[] | null; readonly children: readonly Structure[] };

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) || value instanceof NamedResult;
}

/** The leaves in order, and the structure around them. */
export function flatten(tree: unknown): [leaves: unknown[], structure: Structure] {
  const leaves: unknown[] = [];
  const structureOf = (value: unknown): Structure => {
    if (isArray(value)) return { keys: null, children: Array.from(value, structureOf) };
    if (isPlainObject(value)) {
      const entries = Object.entries(value as object);
      return { keys: entries.map(([key]) => key), children: entries.map(([, item]) => structureOf(item)) };
    }
    leaves.push(value);
    return null;
  };
  const structure = structureOf(tree);
  return [leaves, structure];
}

/** The tree with these leaves. */
export function unflatten(leaves: readonly unknown[], structure: Structure): unknown {
  let next = 0;
  const build = (part: Structure): unknown => {
    if (part === null) return leaves[next++];
    const items = part.children.map(build);
    return part.keys === null ? items : Object.fromEntries(part.keys.map((key, i) => [key, items[i]]));
  };
  return build(structure);
}

/** The same tree of other leaves. */
export function mapLeaves(tree: unknown, change: (leaf: unknown) => unknown): unknown {
  const [leaves, structure] = flatten(tree);
  return unflatten(leaves.map(change), structure);
}

/** Whether two trees differ in their leaves only. */
export function sameStructure(a: Structure, b: Structure): boolean {
  if (a === null || b === null) return a === b;
  const keysOf = (part: NonNullable<Structure>): string => (part.keys === null ? '' : JSON.stringify(part.keys));
  if (keysOf(a) !== keysOf(b) || a.children.length !== b.children.length) return false;
  return a.children.every((child, i) => sameStructure(child, b.children[i]!));
}

/** A tree's leaves for each leaf of `structure`, of which it is a beginning; undefined where it is none. */
export function broadcast(tree: unknown, structure: Structure): unknown[] | undefined {
  const leaves: unknown[] = [];
  const walk = (value: unknown, part: Structure): boolean => {
    if (!isArray(value) && !isPlainObject(value)) {
      leaves.push(...Array.from({ length: leafCount(part) }, () => value));
      return true;
    }
    const keys = isArray(value) ? null : Object.keys(value as object);
    const items = isArray(value) ? Array.from(value) : Object.values(value as object);
    if (part === null || (part.keys === null) !== (keys === null) || part.children.length !== items.length)
      return false;
    if (keys?.some((key, i) => key !== part.keys![i])) return false;
    return part.children.every((child, i) => walk(items[i], child));
  };
  return walk(tree, structure) ? leaves : undefined;
}

function leafCount(structure: Structure): number {
  return structure === null ? 1 : structure.children.reduce((sum, child) => sum + leafCount(child), 0);
}

/** A structure for messages: `[*, { a: * }]`. */
export function structureText(structure: Structure): string {
  if (structure === null) return '*';
  const { keys, children } = structure;
  const items = children.map((child, i) => (keys === null ? '' : `${keys[i]}: `) + structureText(child));
  return keys === null ? `[${items.join(', ')}]` : `{ ${items.join(', ')} }`;
}
