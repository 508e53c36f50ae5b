/** `isotorch data check`: its options, and what it says. */
import { Command, Option } from 'commander';
import type { CheckReport, DataKind } from '../../data';
import { making } from '../making';
import { wholeNumber } from '../numbers';

/** Exit code where files were found that do not fit, and no copy was made. */
const foundExitCode = 1;

interface Options {
  kind?: DataKind;
  size?: number;
  transparent?: boolean;
  fix?: string;
}

const kinds = ['images', 'labelled', 'pairs', 'glyphs'] as const satisfies readonly DataKind[];

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

function show({ problems, ignored }: CheckReport, fixing: boolean): void {
  for (const { path, reason, fix } of problems) {
    const then = fix === undefined ? 'left out of a copy' : `a copy has it ${fix}`;
    console.log(`${path}: ${reason} (${fixing ? then.replace('a copy', 'the copy') : then})`);
  }
  for (const path of ignored) console.log(`${path}: no image by its name, which is ignored`);
}

async function run(folder: string, { fix, ...options }: Options): Promise<void> {
  await making('files', async (progress) => {
    const { checkData, fixData } = await import('../../data/index.js');
    const report = await checkData(folder, { ...options, progress: progress.show });
    progress.end();
    show(report, fix !== undefined);
    const { good, bad, problems, kind } = report;
    const noun = kind === 'pairs' || kind === 'glyphs' ? ['pair', 'pairs'] : ['image', 'images'];
    console.log(
      `${counted(good.length, `${noun[0]} fits`, `${noun[1]} fit`)}, ${counted(problems.length, 'problem', 'problems')} found.`,
    );
    if (fix === undefined) {
      if (problems.length > 0) {
        console.log('--fix <folder> writes a copy that recipes take.');
        process.exitCode = foundExitCode;
      }
      return;
    }
    const { copied, converted, lost } = await fixData(folder, fix, report, { ...options, progress: progress.show });
    progress.end();
    for (const { path, reason } of lost) console.log(`${path}: left out after all: ${reason}`);
    const left = bad.length - converted;
    console.log(`${copied} copied, ${converted} converted, ${left} left out: the copy is in ${fix}`);
  });
}

/** The subcommand. */
export function dataCheckCommand(): Command {
  return new Command('check')
    .summary('list every file that a recipe would refuse, and convert a copy')
    .description(
      'Decodes every image of a folder and lists those that recipes would refuse, each with its reason. Ends with 0 where\n' +
        'there is none, or a copy was made, else with 1.',
    )
    .argument('<folder>', 'folder of images, with all folders in it')
    .addOption(
      new Option('--kind <kind>', 'as what they are checked (default: what the folder says, else images)').choices(
        kinds,
      ),
    )
    .option('--size <n>', 'height and width for training: smaller images are refused', wholeNumber(2, 4096))
    .option('--transparent', 'take transparency, as stylegan2 does with its option of this name')
    .option('--fix <folder>', 'write a copy, with what can be converted converted')
    .action(run);
}
