"""Addresses of monitoring's own pages."""

from django.urls import path

from calidez.monitoring import indicator_pages as indicator_pages
from calidez.monitoring.defining import pages as defining
from calidez.monitoring.feasibility import pages as feasibility
from calidez.monitoring.loading.pages import files, imports
from calidez.monitoring.pages import columns, home, rows

urlpatterns = [
    path("imports/new/", imports.new, name="imports-new"),
    path("imports/<uuid:uid>/look/", imports.look, name="imports-look"),
    path("imports/<uuid:uid>/reading/", imports.reading, name="imports-reading"),
    path("imports/<uuid:uid>/columns/", imports.columns, name="imports-columns"),
    path("imports/<uuid:uid>/check/", imports.check, name="imports-check"),
    path("imports/<uuid:uid>/units/", imports.branches, name="imports-branches"),
    path("imports/<uuid:uid>/load/", imports.load, name="imports-load"),
    path("imports/<uuid:uid>/mapping.json", files.mapping, name="imports-mapping"),
    path("imports/<uuid:uid>/rejected.csv", files.rejects, name="imports-rejects"),
    path("imports/<uuid:uid>/left-empty.csv", files.gaps, name="imports-gaps"),
    path("indicators/new/", defining.new, name="indicator_new"),
    path("indicators/<uuid:uid>/edit/", defining.edit, name="indicator_edit"),
    path("datasets/<uuid:uid>/columns/", columns.columns, name="dataset-columns"),
    path("datasets/<uuid:uid>/rows/", rows.rows, name="dataset-rows"),
    path("datasets/<uuid:uid>/rows.csv", rows.rows_file, name="dataset-rows-file"),
    path("indicators/<uuid:uid>/", indicator_pages.indicator, name="indicator"),
    path("indicators/<uuid:uid>/chart.<str:form>", indicator_pages.download, name="indicator_file"),
    path("indicators/<uuid:uid>/opening-hours/", indicator_pages.calendar_form, name="indicator_opening"),
    path("standards/<uuid:uid>/feasibility/", feasibility.feasibility, name="feasibility"),
    path("standards/<uuid:uid>/feasibility/ask/", feasibility.ask, name="feasibility-ask"),
    path("standards/<uuid:uid>/feasibility/link/", feasibility.link, name="feasibility-link"),
    path("", home.home, name="home"),
]
