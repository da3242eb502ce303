"""What the package is about, for whoever looks for it in the archive: descriptive metadata in Dublin Core."""

from exchange.archive_package.content import XML, About, PackageFile
from exchange.archive_package.xml import DC, OAI_DC, Maker, schema_location, written

PATH = "metadata/descriptive/dc.xml"
_dc, _root = Maker(DC), Maker(OAI_DC)


def described(about: About) -> PackageFile:
    """Whose file it is, from when to when, at which schools, by whom; and that secrecy is considered before all use."""
    ended = about.ended_on.isoformat() if about.ended_on else ".."
    rights = "Sekretess prövas innan något lämnas ut (offentlighets- och sekretesslagen 23 kap. 2 §)."
    protected = "Elevens identitet var skyddad när paketet gjordes."
    root = _root.with_names(
        "dc",
        schema_location(OAI_DC),
        _dc("title", f"Elevakt med individuella utvecklingsplaner: {about.name}"),
        _dc("creator", about.creator.name),
        _dc("subject", "Individuella utvecklingsplaner (IUP)"),
        _dc("description", f"En elevs akt i Liggare. Utvecklingsplaner: {about.plans}. Händelser: {about.events}."),
        *(_dc("contributor", school) for school in about.schools),
        _dc("date", f"{about.enrolled_on.isoformat()}/{ended}"),
        _dc("type", "Text"),
        _dc("identifier", about.folder),
        _dc("identifier", f"urn:uuid:{about.student_id}"),
        _dc("language", "sv"),
        _dc("rights", rights),
        _dc("rights", protected) if about.is_protected else None,
    )
    return PackageFile(PATH, written(root), XML)
