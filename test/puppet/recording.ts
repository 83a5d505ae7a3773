import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const file = fileURLToPath(new URL('recorded-answers.json', import.meta.url));

const answerSchema = z.object({ query: z.string(), status: z.int(), body: z.string() });
/** What PuppetDB answered to one query. */
export type RecordedAnswer = z.infer<typeof answerSchema>;

/** Answers of a real PuppetDB; made anew by `MUSTER_RECORD=1 npm run test:puppet`. */
export async function readRecording(): Promise<ReadonlyMap<string, RecordedAnswer>> {
  const answers = z.array(answerSchema).parse(JSON.parse(await readFile(file, 'utf8')));
  return new Map(answers.map((answer) => [answer.query, answer]));
}

export const writeRecording = (answers: readonly RecordedAnswer[]): Promise<void> =>
  writeFile(file, `${JSON.stringify(answers, null, 2)}\n`);
