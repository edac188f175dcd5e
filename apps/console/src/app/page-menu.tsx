import { Anchor, Button, Group } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigation } from './navigation.ts';

const NavigationLink = createLink(Anchor<'a'>);

/** The way to each page: a row of links, on small screens behind a button. */
export function PageMenu() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  /** The links go away on small screens: the focus must not go with them. */
  const close = (): void => {
    if (isOpen) button.current?.focus();
    setOpen(false);
  };
  return (
    <>
      <Button
        ref={button}
        className="menu-button"
        size="xs"
        variant="default"
        aria-expanded={isOpen}
        aria-controls="pages"
        onClick={() => setOpen(!isOpen)}
      >
        {t('app.menu')}
      </Button>
      <Group
        component="nav"
        id="pages"
        className="pages"
        aria-label={t('app.navigation')}
        gap="md"
        data-open={isOpen || undefined}
        onKeyDown={({ key }) => key === 'Escape' && close()}
      >
        {navigation.map(({ to, name }) => (
          <NavigationLink key={to} to={to} activeOptions={{ exact: to === '/' }} onClick={close}>
            {t(`pages.${name}`)}
          </NavigationLink>
        ))}
      </Group>
    </>
  );
}
