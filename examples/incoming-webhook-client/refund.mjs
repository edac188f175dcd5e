/** Asks for refunds, corrects them and takes them back, as the process of examples/rules/refund-request.yaml has it. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { postOperation } from './hook.mjs';

const url = process.env.SIGNALBOX_HOOK_URL ?? '';

async function fileValue(path) {
  const content = await readFile(path);
  return { name: basename(path), size: content.length, content: content.toString('base64') };
}

const commands = {
  async create(customer, amount, reason, receipt) {
    const parameters = [
      { name: 'CUSTOMER', textValue: customer },
      { name: 'AMOUNT', numericValue: Number(amount) },
      { name: 'REASON', textValue: reason },
    ];
    if (receipt !== undefined) parameters.push({ name: 'RECEIPT', fileValue: await fileValue(receipt) });
    const { number } = await postOperation(url, 'createRequest', { processName: 'REFUND', parameters });
    return number;
  },

  async correct(number, amount) {
    const parameters = [{ name: 'AMOUNT', numericValue: Number(amount) }];
    await postOperation(url, 'updateRequestDataset', { number: Number(number), parameters });
    return `request ${number} is about ${amount} now`;
  },

  async withdraw(number) {
    await postOperation(url, 'cancelRequest', { number: Number(number), notifyParticipant: true });
    return `request ${number} is taken back`;
  },
};

const [command, ...args] = process.argv.slice(2);
try {
  if (!Object.hasOwn(commands, command ?? '')) throw new Error(`say ${Object.keys(commands).join(', ')}`);
  console.log(await commands[command](...args));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
