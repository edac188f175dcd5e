import type { RuleWords } from './spoken-words.ts';

export const ruleWordsDe: RuleWords = {
  triggers: {
    'trade.opened': 'ein Trade eröffnet wird',
    'trade.closed': 'ein Trade geschlossen wird',
    'deposit.created': 'Geld auf ein Handelskonto eingezahlt wird',
    'withdrawal.created': 'Geld von einem Handelskonto ausgezahlt wird',
    'account:added': 'ein Handelskonto angelegt wird',
    'account:updated': 'ein Handelskonto geändert wird',
    'account:deleted': 'ein Handelskonto gelöscht wird',
    'customer.registered': 'ein Kunde sich registriert',
    'customer.deposited': 'das CRM eine Einzahlung freigibt',
    'customer.ftd': 'ein Kunde zum ersten Mal einzahlt',
    'customer.withdrew': 'das CRM eine Auszahlung bearbeitet',
    'customer.traded': 'ein Kunde einen Trade eröffnet (CRM)',
    'customer.status_changed': 'sich der Vertriebs- oder KYC-Status eines Kunden ändert',
    'customer.risk_changed': 'eine Aktion die Risikostufe eines Kunden ändert',
    'customer.active_changed': 'eine Aktion einen Kunden aktiv oder inaktiv schaltet',
    'customer.assigned': 'eine Aktion einen Kunden einem Manager zuweist',
    'customer.retention_changed': 'sich die Retention-Klasse eines Kunden ändert',
    'call.no_answer': 'ein Anruf nicht angenommen wird',
    'call.completed': 'ein Anruf beendet ist',
    'task.created': 'eine Aktion eine Aufgabe anlegt',
    'task.overdue': 'eine Aufgabe überfällig ist',
    'customer.inactive_days': 'ein Kunde einige Tage nichts getan hat',
    'account.frozen': 'eine Aktion ein Konto einfriert',
    'request.created': 'ein eingehender Webhook diesen Prozess anfordert',
    'note.added': 'eine Aktion eine Notiz hinzufügt',
  },
  anyTrigger: (name) => `das Ereignis „${name}“ eintrifft`,
  fields: {
    brand: 'Marke',
    amount_usd: 'Betrag in US-Dollar',
    'trade.order': 'Ordernummer des Trades',
    'trade.login': 'Login des Trades',
    'trade.cmd': 'Art des Trades',
    'trade.volume': 'Volumen des Trades (100 = 1 Lot)',
    'trade.close_price': 'Schlusskurs des Trades',
    'trade.symbol': 'Instrument des Trades',
    'trade.comment': 'Kommentar des Trades',
    'account.login': 'Login des Kontos',
    'account.group': 'Handelsgruppe des Kontos',
    'account.name': 'Name auf dem Konto',
    'account.email': 'E-Mail-Adresse des Kontos',
    'account.country': 'Land des Kontos',
    'account.enable': 'Konto ist freigeschaltet',
    'account.leverage': 'Hebel des Kontos (100 = 1:100)',
    'account.frozen': 'Konto ist eingefroren',
    'customer.id': 'Kennung des Kunden',
    'customer.country': 'Land des Kunden',
    'customer.language': 'Sprache des Kunden',
    'customer.email': 'E-Mail-Adresse des Kunden',
    'customer.phone': 'Telefonnummer des Kunden',
    'customer.kyc_status': 'KYC-Status des Kunden',
    'customer.kyc_status_id': 'KYC-Status des Kunden (als Kennung)',
    'customer.kyc_current_level': 'KYC-Stufe des Kunden',
    'customer.risk_level': 'Risikostufe des Kunden',
    'customer.sales_status_id': 'Vertriebsstatus des Kunden (als Kennung)',
    'customer.sales_status': 'Vertriebsstatus des Kunden',
    'customer.retention_status': 'Retention-Klasse des Kunden',
    'customer.active': 'Kunde ist aktiv',
    'customer.assigned_manager_id': 'Manager des Kunden',
    'customer.team_id': 'Team des Kunden',
    'customer.desk': 'Desk des Kunden',
    'event.amount': 'Betrag des Ereignisses',
    'event.inactive_days': 'Tage ohne Aktivität',
    'order.symbol': 'Instrument der Order',
    'transaction.type': 'Art der Transaktion',
  },
  operators: {
    eq: 'ist',
    neq: 'ist nicht',
    gt: 'ist größer als',
    gte: 'ist mindestens',
    lt: 'ist kleiner als',
    lte: 'ist höchstens',
    in: 'ist einer von',
    not_in: 'ist keiner von',
    contains: 'enthält',
    not_contains: 'enthält nicht',
    starts_with: 'beginnt mit',
    ends_with: 'endet mit',
    between: 'liegt zwischen',
    is_null: 'fehlt',
    is_not_null: 'ist vorhanden',
    regex: 'entspricht dem Muster',
  },
  actions: {
    'approval.request': {
      label: 'Freigabe einholen und warten',
      say: ({ approvers, title, expires_in }, { role, span, text }) => {
        const asked = (approvers ?? {}) as { roles?: unknown; users?: unknown; manager_of_customer?: unknown };
        const roles = Array.isArray(asked.roles) ? asked.roles.map((one) => role(String(one))) : [];
        const users = Array.isArray(asked.users) ? asked.users.map(String) : [];
        const all = [...roles, ...users, ...(asked.manager_of_customer === true ? ['Manager des Kunden'] : [])];
        const time = span(expires_in);
        return `Freigabe ${text(title)} einholen (${all.join(' oder ') || 'noch niemand'}${time === '' ? '' : `, Frist ${time}`}) und warten`;
      },
    },
    'notify.manager': {
      label: 'Manager benachrichtigen',
      say: ({ manager_id, title }, { name, text }) =>
        `${manager_id === undefined || manager_id === 0 ? 'den Manager des Kunden' : name('manager', manager_id)} benachrichtigen ${text(title)}`,
    },
    create_task: {
      label: 'Aufgabe anlegen',
      say: ({ type, title, due_in }, { span, text }) =>
        `Aufgabe ${text(title ?? type)} anlegen${span(due_in) === '' ? '' : `, Frist ${span(due_in)}`}`,
    },
    add_note: { label: 'Notiz hinzufügen', say: ({ body }, { text }) => `Notiz ${text(body)} hinzufügen` },
    send_email: {
      label: 'E-Mail senden',
      say: ({ template, subject, to }, { name, text }) =>
        `E-Mail ${template === undefined ? text(subject) : name('template', template)} an ${to === undefined ? 'den Kunden' : text(to)} senden`,
    },
    send_sms: {
      label: 'SMS senden',
      say: ({ template, body, to }, { name, text }) =>
        `SMS ${template === undefined ? text(body) : name('template', template)} an ${to === undefined ? 'den Kunden' : text(to)} senden`,
    },
    'customer.set_status': {
      label: 'Vertriebsstatus setzen',
      say: ({ status }, { name }) => `Vertriebsstatus auf ${name('status', status)} setzen`,
    },
    set_status: {
      label: 'Vertriebs- oder KYC-Status setzen',
      say: ({ status, kind }, { name }) =>
        `${kind === 'kyc' ? 'KYC-Status' : 'Vertriebsstatus'} auf ${name('status', status)} setzen`,
    },
    'customer.set_risk_level': {
      label: 'Risikostufe setzen',
      say: ({ risk_level }, { value }) => `Risikostufe auf ${value(risk_level)} setzen`,
    },
    set_customer_active: {
      label: 'Kunden aktiv oder inaktiv schalten',
      say: ({ active }) => `den Kunden ${active === false ? 'inaktiv' : 'aktiv'} schalten`,
    },
    freeze_account: { label: 'Konto einfrieren', say: () => 'das Konto einfrieren' },
    assign_to_team: {
      label: 'Einem Team reihum zuweisen',
      say: ({ team_id }, { name }) => `den Kunden dem Team ${name('team', team_id)} zuweisen`,
    },
    assign_to_agent: {
      label: 'Einem Manager oder Desk zuweisen',
      say: ({ agent_id, agent }, { name }) =>
        `den Kunden ${agent_id === undefined ? `dem Desk ${name('desk', agent)}` : name('manager', agent_id)} zuweisen`,
    },
    reassign_round_robin: {
      label: 'Reihum einem anderen Manager zuweisen',
      say: ({ team_id }, { name }) =>
        `den Kunden dem nächsten Manager ${team_id === undefined ? 'seines Teams' : `des Teams ${name('team', team_id)}`} zuweisen`,
    },
    handover_to_retention: {
      label: 'An den Retention-Desk übergeben',
      say: () => 'den Kunden an den Retention-Desk übergeben',
    },
    increment_manager_counter: {
      label: 'Zähler eines Managers erhöhen',
      say: ({ counter, by }, { value, text }) => `Zähler ${text(counter)} um ${value(by ?? 1)} erhöhen`,
    },
    webhook: {
      label: 'Webhook aufrufen (POST)',
      say: ({ url, target }, { name, text }) =>
        `${target === undefined ? `die Adresse ${text(url)}` : name('endpoint', target)} aufrufen`,
    },
    'webhook.send': {
      label: 'HTTP-Anfrage senden',
      say: ({ url, method }, { text }) => `${typeof method === 'string' ? method : 'POST'} an ${text(url)} senden`,
    },
    delay: { label: 'Warten', say: (params, { span }) => `${span(params) || 'einige Zeit'} warten` },
    'kyc.require_step': {
      label: 'KYC-Schritt verlangen (noch nicht ausgeführt)',
      say: () => 'einen KYC-Schritt verlangen',
    },
    'kyc.set_required_level': {
      label: 'Nötige KYC-Stufe setzen (noch nicht ausgeführt)',
      say: () => 'die nötige KYC-Stufe setzen',
    },
  },
  anyAction: (type) => `„${type}“ ausführen`,
  roles: {
    SESSION_MANAGER: 'ein Manager',
    SESSION_ADMIN: 'ein Administrator',
    SESSION_DEALER: 'ein Dealer',
    SESSION_CRM_MANAGER: 'ein CRM-Manager',
    SESSION_CRM_ADMIN: 'ein CRM-Administrator',
  },
  units: { minutes: ['Minute', 'Minuten'], hours: ['Stunde', 'Stunden'], days: ['Tag', 'Tage'] },
  sentence: {
    when: (trigger, brand) => `Wenn ${trigger}${brand === null ? '' : ` (Marke ${brand})`}`,
    condition: (field, operator, value) => `${field} ${operator}${value === '' ? '' : ` ${value}`}`,
    between: (field, low, high) => `${field} liegt zwischen ${low} und ${high}`,
    and: ' und ',
    or: ' oder ',
    not: (inner) => `nicht gilt: ${inner}`,
    always: 'immer',
    never: 'nie',
    onlyIf: (conditions) => ` und dabei gilt: ${conditions}`,
    next: '; dann ',
    nothing: 'noch nichts tun',
    odd: 'eine Bedingung, die nicht lesbar ist',
    more: (count) => `${count} weitere`,
    once: 'Einmal je Kunde.',
    onceIn: (span) => `Je Kunde höchstens einmal in ${span}.`,
    limit: (count, span) => `Mehr als ${count} Läufe in ${span} werden zurückgehalten.`,
    stopAfter: 'Spätere Regeln werden zurückgehalten.',
  },
};
