# L'image de Claire-voie : une pour le web, l'enregistreur, le travailleur et le gardien. Aucun secret dedans.
FROM python:3.12-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 LC_ALL=C.UTF-8 CLAIREVOIE_HOME=/var/lib/claire-voie
RUN apt-get update \
    && apt-get install -y --no-install-recommends fonts-dejavu-core gettext \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/claire-voie --create-home claire-voie \
    && chmod 0700 /var/lib/claire-voie

WORKDIR /srv/claire-voie
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY . .
RUN find locale -name '*.po' -execdir msgfmt -o django.mo '{}' ';'

USER claire-voie
VOLUME /var/lib/claire-voie
EXPOSE 8000
CMD ["uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--no-access-log", \
     "--timeout-graceful-shutdown", "2"]
