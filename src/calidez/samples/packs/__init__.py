"""Starter packs: what a company of a sector may begin from, as plain YAML that anybody can edit."""
