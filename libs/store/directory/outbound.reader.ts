/** What actions read of templates and endpoints. */
import type { Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors.ts';
import { languagesOf, type OutboundDirectory, type WantedTemplate } from '#libs/domain/outbound.ts';
import { findById, findByIds } from '../by-id.ts';
import { collectionOf } from '../model.ts';
import { endpointKey, endpointModel, endpointOf, templateKey, templateModel } from './outbound.models.ts';

/** Names shown to whoever has to mend a rule. */
const listed = 20;

export function createOutboundDirectory(connection: Connection): OutboundDirectory {
  const templates = collectionOf(templateModel(connection));
  const endpoints = collectionOf(endpointModel(connection));

  const notFound = async ({ channel, code, brand }: WantedTemplate): Promise<PermanentError> => {
    const all = await templates.find({ channel }).toArray();
    const codes = namesOf(
      all.map((template) => ({ ...template, name: template.code })),
      brand,
    );
    const message = `There is no ${channel} template "${code}"${forBrand(brand)}; ${known(codes)}.`;
    return new PermanentError('template_not_found', message);
  };

  return {
    async template(wanted) {
      const keys = brandsOf(wanted.brand).flatMap((brand) =>
        languagesOf(wanted.language).map((language) => templateKey({ ...wanted, brand, language })),
      );
      const found = await findByIds(templates, keys);
      const first = keys.map((key) => found.get(key)).find((template) => template !== undefined);
      if (first === undefined) throw await notFound(wanted);
      const { _id, ...template } = first;
      return template;
    },

    async endpoint(name, brand) {
      for (const one of brandsOf(brand)) {
        const document = await findById(endpoints, endpointKey(name, one));
        if (document !== null) return endpointOf(document);
      }
      const names = namesOf(await endpoints.find().toArray(), brand);
      throw new PermanentError(
        'endpoint_not_found',
        `There is no endpoint "${name}"${forBrand(brand)}; ${known(names)}.`,
      );
    },
  };
}

function brandsOf(brand: string | null): (string | null)[] {
  return brand === null ? [null] : [brand, null];
}

function namesOf(records: { name: string; brand?: string }[], brand: string | null): string[] {
  const own = records.filter((record) => record.brand === undefined || record.brand === brand);
  return [...new Set(own.map(({ name }) => name))].sort();
}

function forBrand(brand: string | null): string {
  return brand === null ? ' for every brand' : ` for brand "${brand}"`;
}

function known(names: string[]): string {
  return names.length === 0 ? 'there are none' : `there are: ${names.slice(0, listed).join(', ')}`;
}
