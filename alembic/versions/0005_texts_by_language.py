"""Texts in other languages by language tag

The previous version reads and writes title_ko, description_ko and translation while a release is watched. Until a
later release drops them, triggers keep them equal to the entry `ko` of translations, in both directions.
No lock is held from one statement to the next, and every step can be repeated.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

COLUMNS = {"scripts": ("title_ko", "description_ko"), "tokens": ("translation",)}
# The value of the entry `ko`, from the old columns of a row; and the old columns, from the entry.
ENTRY = {
    "scripts": "jsonb_build_object('title', {row}.title_ko, 'description', {row}.description_ko)",
    "tokens": "to_jsonb({row}.translation)",
}
TO_COLUMNS = {
    "scripts": """NEW.title_ko := NEW.translations #>> '{ko,title}';
            NEW.description_ko := NEW.translations #>> '{ko,description}';""",
    "tokens": "NEW.translation := NEW.translations ->> 'ko';",
}
ROWS_AT_ONCE = 5000


def upgrade() -> None:
    with op.get_context().autocommit_block():
        for table in COLUMNS:
            column = sa.Column("translations", JSONB(), server_default=sa.text("'{}'"), nullable=False)
            op.add_column(table, column, if_not_exists=True)
            _create_trigger(table)
            _fill(table)
        _create_index("ix_scripts_translated_titles_trgm", "(jsonb_path_query_array(translations, '$.*.title')::text)")
        op.drop_index_concurrently("ix_scripts_title_ko_trgm", "scripts")


def downgrade() -> None:
    """Keeps the Korean texts, which the triggers have written to the old columns; other languages are lost."""
    with op.get_context().autocommit_block():
        _create_index("ix_scripts_title_ko_trgm", "title_ko")
        op.drop_index_concurrently("ix_scripts_translated_titles_trgm", "scripts")
    for table in COLUMNS:
        op.execute(f"DROP TRIGGER {table}_translations ON {table}")
        op.execute(f"DROP FUNCTION {table}_translations()")
        op.drop_column(table, "translations")


def _create_index(name: str, expression: str) -> None:
    """Creates a trigram index of scripts."""
    columns = [sa.text(f"{expression} gin_trgm_ops")]
    op.create_index_concurrently(name, "scripts", columns, postgresql_using="gin")


def _create_trigger(table: str) -> None:
    is_changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in COLUMNS[table])
    op.execute(f"""
        CREATE OR REPLACE FUNCTION {table}_translations() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'INSERT' THEN
                IF NEW.translations = '{{}}' THEN
                    NEW.translations := {_from_columns(table, "NEW")};
                END IF;
            ELSIF NEW.translations = OLD.translations AND ({is_changed}) THEN
                NEW.translations := NEW.translations - 'ko' || {_from_columns(table, "NEW")};
            END IF;
            {TO_COLUMNS[table]}
            RETURN NEW;
        END $$
    """)
    op.execute(f"""
        CREATE OR REPLACE TRIGGER {table}_translations
        BEFORE INSERT OR UPDATE OF {", ".join(COLUMNS[table])}, translations ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_translations()
    """)


def _fill(table: str) -> None:
    """Fills the new column, a few thousand rows in each transaction, so that no row stays locked for long."""
    op.execute(f"""
        DO $$
        DECLARE
            first bigint := 0;
            last bigint := (SELECT coalesce(max(id), 0) FROM {table});
        BEGIN
            WHILE first <= last LOOP
                UPDATE {table} SET translations = {_from_columns(table, table)}
                WHERE id >= first AND id < first + {ROWS_AT_ONCE} AND translations = '{{}}'
                    AND ({_has_texts(table, table)});
                COMMIT;
                first := first + {ROWS_AT_ONCE};
            END LOOP;
        END $$
    """)  # noqa: S608 - the names are those above


def _from_columns(table: str, row: str) -> str:
    """Returns the SQL of `{"ko": …}`, or of `{}` where the old columns of the row are null."""
    entry = f"jsonb_build_object('ko', {ENTRY[table].format(row=row)})"
    return f"(CASE WHEN {_has_texts(table, row)} THEN {entry} ELSE '{{}}' END)"


def _has_texts(table: str, row: str) -> str:
    return " OR ".join(f"{row}.{name} IS NOT NULL" for name in COLUMNS[table])
