"Everything about the package stands in settings.ini; this file only hands it on"
from configparser import ConfigParser
from pathlib import Path
from setuptools import find_packages, setup

here = Path(__file__).parent
parser = ConfigParser(delimiters=['='], interpolation=None)
parser.read(here / 'settings.ini', encoding='utf-8')
settings = parser['DEFAULT']

folders = sorted({p.parent.relative_to(here).as_posix() for p in (here / 'nbs').rglob('*.ipynb') if '.ipynb_checkpoints' not in p.parts})
notebooks = {'playbook._' + folder.replace('/', '.'): folder for folder in folders}
sample = settings['sample_pack']
packs = {'playbook._packs': 'data_samples', f'playbook._packs.{sample}': f'data_samples/{sample}'}

setup(
    name=settings['lib_name'], version=settings['version'], description=settings['description'], license='MIT',
    author=settings['author'], author_email=settings['author_email'], url=settings['git_url'], keywords=settings['keywords'],
    long_description=(here / 'README.md').read_text(encoding='utf-8'), long_description_content_type='text/markdown',
    packages=find_packages(include=['playbook', 'playbook.*']) + [*notebooks, *packs],
    package_dir={**notebooks, **packs},
    package_data={'playbook': ['*.toml', 'web/**/*', 'privacy/*.txt', 'privacy/*.xz'], **{p: ['*.ipynb'] for p in notebooks},
                  'playbook._packs': [], f'playbook._packs.{sample}': ['*.*', 'knowledge/*', 'domain/*', 'tests/*']},
    include_package_data=False, zip_safe=False, python_requires=f">={settings['min_python']}",
    install_requires=settings['requirements'].split(), extras_require={'dev': settings['dev_requirements'].split()},
    entry_points={'console_scripts': settings['console_scripts'].split(),
                  'jupyter_client.kernel_provisioners': ['playbook-warm = playbook.foundation.kernels:WarmProvisioner'],
                  'nbdev': ['playbook = playbook._modidx:d']},
    classifiers=['License :: OSI Approved :: MIT License', 'Programming Language :: Python :: 3', 'Framework :: Jupyter'],
)
