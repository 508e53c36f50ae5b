export interface PinnedWheel {
  readonly url: string;
  readonly sha256: string;
  readonly size: number;
}
export interface PinnedBuild {
  readonly version: string;
  readonly cuda: string | null;
  readonly platform: string;
  readonly unpacked: number;
  readonly tried: boolean;
  readonly wheels: readonly string[];
}
export const pinnedBuilds: readonly PinnedBuild[] = [];
export const pinnedWheels: Readonly<Record<string, PinnedWheel>> = {};
