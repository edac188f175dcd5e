/** What actions read of templates and endpoints. */
import type { Connection } from 'mongoose';
import { PermanentError } from '#libs/domain/errors/errors.ts';
import { languageChain, type OutboundDirectory, type WantedTemplate } from '#libs/domain/directory/outbound.ts';
import { findById, findByIds } from '../mongo/by-id.ts';
import { listBrands, forBrand, known, listNames } from './named-records.ts';
import { endpointKey, endpointModel, toEndpoint, templateKey, templateModel } from './outbound.models.ts';

export function createOutboundDirectory(connection: Connection): OutboundDirectory {
  const templates = templateModel(connection);
  const endpoints = endpointModel(connection);

  const notFound = async ({ channel, code, brand }: WantedTemplate): Promise<PermanentError> => {
    const all = await templates.find({ channel }).lean();
    const codes = listNames(
      all.map((template) => ({ ...template, name: template.code })),
      brand,
    );
    const message = `There is no ${channel} template "${code}"${forBrand(brand)}; ${known(codes)}.`;
    return new PermanentError('template_not_found', message);
  };

  return {
    async template(wanted) {
      const keys = listBrands(wanted.brand).flatMap((brand) =>
        languageChain(wanted.language).map((language) => templateKey({ ...wanted, brand, language })),
      );
      const found = await findByIds(templates, keys);
      const first = keys.map((key) => found.get(key)).find((template) => template !== undefined);
      if (first === undefined) throw await notFound(wanted);
      const { _id, ...template } = first;
      return template;
    },

    async endpoint(name, brand) {
      for (const one of listBrands(brand)) {
        const document = await findById(endpoints, endpointKey(name, one));
        if (document !== null) return toEndpoint(document);
      }
      const names = listNames(await endpoints.find().lean(), brand);
      throw new PermanentError(
        'endpoint_not_found',
        `There is no endpoint "${name}"${forBrand(brand)}; ${known(names)}.`,
      );
    },
  };
}
