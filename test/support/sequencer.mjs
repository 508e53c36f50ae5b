/** The order of test files: those that take long first, so that none of them runs alone at the end. */
import { BaseSequencer } from 'vitest/node';

/** Files that take seconds, longest first. A fresh clone has no times of its own to go by. */
const LONG = [
  'misuse.test.ts',
  'recipes/every_recipe.test.ts',
  'gpu/kit.test.ts',
  'parity/op_db.test.ts',
  'parity/nn.test.ts',
  'parity/gan.test.ts',
  'scripts/node_gyp.test.ts',
  'native/memory.test.ts',
  'surroundings/vitest.test.ts',
  'surroundings/exits.test.ts',
  'surroundings/places.test.ts',
  'cli/runs.test.ts',
  'cli/refused.test.ts',
  'cli/looking.test.ts',
  'cli/repro.test.ts',
  'utils/data/workers.test.ts',
  'parity/document4.test.ts',
  'cli/demo.test.ts',
  'cli/demo_folder.test.ts',
  'native/refusals.test.ts',
  'native/lists.test.ts',
  'recipes/split_joint/resume.test.ts',
  'autograd/leaks.test.ts',
  'io/safetensors_decisions.test.ts',
  'io/safetensors.test.ts',
  'scripts/setup_build.test.ts',
  'doctor/doctor.test.ts',
  'cli/isotorch.test.ts',
  'cli/data.test.ts',
  'docs_datasets.test.ts',
  'install/install.test.ts',
];

export class LongestFirst extends BaseSequencer {
  /** @override @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const rank = (/** @type {import('vitest/node').TestSpecification} */ { moduleId }) => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/test/${name}`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
