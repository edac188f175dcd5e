import { Get, Param, Query } from '@nestjs/common';
import { crmRecordQuery, type CrmRecordQuery } from '#libs/contracts/crm-query.schema.ts';
import type { Session } from '../auth/authenticate.ts';
import { CurrentSession } from '../auth/session.guard.ts';
import { ApiError } from '../http/api.error.ts';
import { ManagerController } from '../http/manager-controller.ts';
import { Operation } from '../openapi/operation.decorator.ts';
import { CustomersService } from './customers.service.ts';
import { customerAnswer, managerAnswer, type CustomerView, type ManagerView } from './person.schema.ts';

@ManagerController('customers', 'CRM')
export class CustomersController {
  constructor(private readonly customers: CustomersService) {}

  @Operation({
    id: 'MngGetWorkflowCustomer',
    summary: 'Read what the directory holds of a customer, with the accounts of brands the session is for',
    data: customerAnswer,
    errors: ['customer_not_found'],
  })
  @Get(':id')
  async get(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query({ schema: crmRecordQuery }) { brand }: CrmRecordQuery,
  ): Promise<{ customer: CustomerView }> {
    return { customer: await this.customers.customer(session, id, brand) };
  }
}

@ManagerController('managers', 'CRM')
export class ManagersController {
  constructor(private readonly customers: CustomersService) {}

  @Operation({
    id: 'MngGetWorkflowManager',
    summary: 'Read what the directory holds of a manager',
    data: managerAnswer,
    errors: ['manager_not_found'],
  })
  @Get(':id')
  async get(@CurrentSession() session: Session, @Param('id') id: string): Promise<{ manager: ManagerView }> {
    if (/^[1-9]\d{0,14}$/.test(id)) return { manager: await this.customers.manager(session, Number(id)) };
    throw new ApiError(404, 'manager_not_found', 'There is no such manager in the directory.');
  }
}
