/** What actions read of templates and endpoints. */
import type { Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { languagesOf, type OutboundDirectory, type WantedTemplate } from '#libs/domain/directory/outbound.ts';
import { findById, findByIds } from '../mongo/by-id.ts';
import { collectionOf } from '../mongo/model.ts';
import { brandsOf, forBrand, known, namesOf } from './named-records.ts';
import { endpointKey, endpointModel, endpointOf, templateKey, templateModel } from './outbound.models.ts';

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
