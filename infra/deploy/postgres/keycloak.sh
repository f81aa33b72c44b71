#!/bin/sh
# Run once by the image of PostgreSQL, when its data folder is made: Keycloak has a database and a login of its own.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" -v password="$(cat /run/secrets/keycloak-database-password)" <<'SQL'
create role keycloak login password :'password';
create database keycloak owner keycloak;
SQL
