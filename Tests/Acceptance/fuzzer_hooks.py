"""What the fuzzer is told of the lab, and what it leaves out: waits of minutes, and licenses as large as a fleet's."""

import schemathesis

LONGEST_WAIT = 0.05
LARGEST_LICENSE = 100
# Names that are there in the demo lab: made-up ones would meet nothing but 404.
KNOWN = {
    "devices": ["FGT60FTK20000001", "FG100FTK20009876", "FGVM000000000004"],
    "licenses": ["EFTM000000000001", "EFTM000000000002", "FTMTRIAL0A4E28E6"],
    "tokens": ["FTKMOB947FDC1754", "FTKMOB00000010CC"],
}


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    if not path_parameters:
        return path_parameters
    seed = sum(map(ord, str(sorted(path_parameters.items()))))
    path = context.operation.path
    if "lab" in path_parameters and path != "/api/v1/labs/{lab}" and seed % 8:
        path_parameters["lab"] = "default"
    for kind, names in KNOWN.items():
        if f"/{kind}/" in path and seed % 4:
            place = "number" if kind == "licenses" else "serial"
            path_parameters[place] = names[seed % len(names)]
    if "/journal/{id}" in path and seed % 4:
        path_parameters["id"] = str(1 + seed % 4)
    return path_parameters


@schemathesis.hook
def before_call(context, case, kwargs):
    """Bodies of every phase, those of the coverage phase too."""
    body = case.body
    if isinstance(body, dict):
        wait = body.get("within")
        if isinstance(wait, int | float) and not isinstance(wait, bool):
            body["within"] = min(wait, LONGEST_WAIT)
        size = body.get("size")
        if isinstance(size, int) and not isinstance(size, bool):
            body["size"] = min(size, LARGEST_LICENSE)
        licenses = body.get("licenses")
        for license in licenses if isinstance(licenses, list) else []:
            if isinstance(license, dict) and isinstance(license.get("size"), int) and license["size"] > LARGEST_LICENSE:
                license["size"] = LARGEST_LICENSE
